using System;
using System.Collections.Generic;
using System.IO;
using WeakRefs;

namespace App
{
    // A callback is to close the file.
    public sealed class LogFile
    {
        private static readonly FinalizationRegistry<FileStream> s_files =
            new FinalizationRegistry<FileStream>(file => file.Close()); // WREF404

        private readonly FileStream _file;

        public LogFile(FileStream file)
        {
            _file = file;
            s_files.Register(this, _file);
        }

        public void Write(byte[] line)
        {
            _file.Write(line, 0, line.Length);
        }
    }

    // The object itself is the held value.
    public sealed class Tracker
    {
        private static readonly FinalizationRegistry<object> s_deaths =
            new FinalizationRegistry<object>(held => Console.WriteLine(held + " is gone"));

        public void Watch(Session session)
        {
            s_deaths.Register(session, (session, "session")); // WREF301
        }
    }

    public sealed class Session
    {
        private readonly int _id;

        public Session(int id)
        {
            _id = id;
        }

        public int Id
        {
            get { return _id; }
        }
    }

    // What the weak reference returns is not asked whether it is there.
    public sealed class Settings
    {
        private readonly WeakRef<Config> _config;

        public Settings(Config config)
        {
            _config = new WeakRef<Config>(config);
        }

        public void Apply()
        {
            _config.Deref().Apply(); // WREF101
        }
    }

    public sealed class Config
    {
        public void Apply()
        {
            Console.WriteLine("applied");
        }
    }

    // A weak reference to a number.
    public sealed class Seat
    {
        private readonly WeakReference _number;

        public Seat(int number)
        {
            _number = new WeakReference(number); // WREF201
        }

        public int Number
        {
            get { return (int)_number.Target; } // WREF101
        }
    }

    // A weak reference is taken for a weak map.
    public sealed class Roles
    {
        private readonly Dictionary<WeakReference<Session>, string> _roles = new Dictionary<WeakReference<Session>, string>(); // WREF601

        public void Grant(Session session, string role)
        {
            _roles[new WeakReference<Session>(session)] = role;
        }

        public string RoleOf(Session session)
        {
            string role;
            return _roles.TryGetValue(new WeakReference<Session>(session), out role) ? role : null;
        }
    }
}

using System;
using System.IO;
using WeakRefs;

namespace App
{
    /// <summary>Each type lets a registry or a finalizer do what it cannot do.</summary>
    public sealed class Registering
    {
        private static readonly FinalizationRegistry<object> s_registry = new FinalizationRegistry<object>(held => Console.WriteLine(held));
        private FinalizationRegistry<string> _captured;

        public static void All(Document document)
        {
            Held(document);
            new Registering().Captured(document);
            using (var lines = new StringWriter())
            {
                GC.KeepAlive(new Journal(lines));
                lines.Write("journal");
                Console.WriteLine(lines.ToString());
            }

            GC.KeepAlive(new Log(new MemoryStream()));
            Console.WriteLine("log");
        }

        private static void Held(Document document)
        {
            s_registry.Register(document, (document, "report")); // WREF301
        }

        private void Captured(Document document)
        {
            _captured = new FinalizationRegistry<string>(name => Console.WriteLine(name + document.Name)); // WREF302 stays
            _captured.Register(document, document.Name);
        }
    }

    public sealed class Journal
    {
        private static readonly FinalizationRegistry<TextWriter> s_registry =
            new FinalizationRegistry<TextWriter>(writer => writer.Dispose()); // WREF404
        private readonly TextWriter _writer;

        public Journal(TextWriter writer)
        {
            _writer = writer;
            s_registry.Register(this, _writer);
        }
    }

    public sealed class Log
    {
        private readonly Stream _stream;

        public Log(Stream stream)
        {
            _stream = stream;
        }

        ~Log() // WREF501
        {
            _stream.Dispose();
        }
    }
}

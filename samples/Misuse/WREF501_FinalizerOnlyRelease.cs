using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The log is closed when the collector pleases: until then nobody else can open it.</summary>
internal static class WREF501
{
    private sealed class Log
    {
        private readonly StreamWriter _writer;

        public Log(string path) => _writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None));

        ~Log() // WREF501
        {
            _writer?.BaseStream.Dispose();
        }

        public void Write(string line) => _writer.WriteLine(line);
    }

    public static void Run()
    {
        var path = Path.GetTempFileName();
        WriteOne(path);
        try
        {
            Console.WriteLine(File.ReadAllText(path));
        }
        catch (IOException e)
        {
            Console.WriteLine("The log is done with and still open: " + e.GetType().Name);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteOne(string path)
    {
        var log = new Log(path);
        log.Write("hello");
    }
}

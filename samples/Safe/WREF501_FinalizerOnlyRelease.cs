using System;
using System.IO;

namespace Safe;

/// <summary>The owner closes the log when it is done with it; a stream needs no finalizer of its own.</summary>
internal static class WREF501
{
    private sealed class Log : IDisposable
    {
        private readonly StreamWriter _writer;

        public Log(string path) => _writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None));

        public void Write(string line) => _writer.WriteLine(line);

        public void Dispose() => _writer.Dispose();
    }

    public static void Run()
    {
        var path = Path.GetTempFileName();
        using (var log = new Log(path))
        {
            log.Write("hello");
        }

        Console.WriteLine("The log says: " + File.ReadAllText(path).Trim());
        File.Delete(path);
    }
}

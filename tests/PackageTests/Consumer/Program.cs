using System;

namespace App
{
    public static class Program
    {
        /// <summary>Every target lives to the end: what is printed must be the same before and after the fixes.</summary>
        public static void Main()
        {
            var document = new Document("report");
            Reading.All(document);
            Registering.All(document);
            GC.KeepAlive(document);
        }
    }
}

using System;
using WeakRefs;

namespace App
{
    public sealed class Document
    {
        private readonly string _name;

        public Document(string name)
        {
            _name = name;
        }

        public string Name
        {
            get { return _name; }
        }

        public void Print(string how)
        {
            Console.WriteLine(_name + ": " + how);
        }
    }

    /// <summary>Each method reads a weak reference and takes its answer for granted.</summary>
    public static class Reading
    {
        public static void All(Document document)
        {
            var reference = new WeakReference(document);
            var typed = new WeakReference<Document>(document);
            Unchecked(reference);
            UncheckedDeref(WeakRef.Create(document));
            Probed(reference);
            ReadTwice(reference);
            Ignored(typed);
        }

        private static void Unchecked(WeakReference reference)
        {
            ((Document)reference.Target).Print("unchecked"); // WREF101
        }

        private static void UncheckedDeref(WeakRef<Document> reference)
        {
            reference.Deref().Print("unchecked, of the library"); // WREF101
        }

        private static void Probed(WeakReference reference)
        {
            if (reference.IsAlive)
            {
                ((Document)reference.Target).Print("probed"); // WREF102
            }
        }

        private static void ReadTwice(WeakReference reference)
        {
            if (reference.Target != null)
            {
                ((Document)reference.Target).Print("read twice"); // WREF103
            }
        }

        private static void Ignored(WeakReference<Document> reference)
        {
            Document document;
            reference.TryGetTarget(out document);
            document.Print("ignored"); // WREF104
        }
    }
}

global using System;
global using System.Collections.Concurrent;
global using System.Collections.Generic;
global using System.Diagnostics;
global using System.IO;
global using System.Linq;
global using System.Runtime.CompilerServices;
global using System.Runtime.InteropServices;
global using System.Threading;
global using System.Threading.Tasks;

namespace Xunit
{
    public class FactAttribute : Attribute
    {
    }

    public static class Assert
    {
        public static void True(bool condition)
        {
        }

        public static void False(bool condition)
        {
        }

        public static void Null(object value)
        {
        }

        public static void Equal<T>(T expected, T actual)
        {
        }
    }
}

// What the compiler needs for init-only members and records on netstandard2.0.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;

// By hand: a generator of polyfills adds its files in an order that changes from build to build, and the shipped bytes with it.
namespace System.Runtime.CompilerServices;

/// <summary>What the compiler wants to see for records and <c>init</c>; .NET Standard has none.</summary>
internal static class IsExternalInit;

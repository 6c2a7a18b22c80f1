using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How a check fails. The context says in which step, outermost first.</summary>
public interface IVerifier
{
    void Equal<T>(T expected, T actual, string? message = null);

    void True([DoesNotReturnIf(false)] bool assert, string? message = null);

    void False([DoesNotReturnIf(true)] bool assert, string? message = null);

    [DoesNotReturn]
    void Fail(string? message = null);

    IVerifier PushContext(string context);
}

public class DefaultVerifier : IVerifier
{
    public DefaultVerifier()
        : this([])
    {
    }

    protected DefaultVerifier(ImmutableStack<string> context) => Context = context;

    protected ImmutableStack<string> Context { get; }

    public virtual void Equal<T>(T expected, T actual, string? message = null)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Fail($"{message}{(message is null ? "" : Environment.NewLine)}Expected: {expected}{Environment.NewLine}Actual:   {actual}");
        }
    }

    public virtual void True([DoesNotReturnIf(false)] bool assert, string? message = null)
    {
        if (!assert)
        {
            Fail(message);
        }
    }

    public virtual void False([DoesNotReturnIf(true)] bool assert, string? message = null) => True(!assert, message);

    [DoesNotReturn]
    public virtual void Fail(string? message = null)
        => throw new InvalidOperationException(
            string.Concat(Context.Reverse().Select(c => $"Context: {c}{Environment.NewLine}")) + (message ?? "The check failed."));

    public virtual IVerifier PushContext(string context) => new DefaultVerifier(Context.Push(context));
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Which functions keep the callback they are given: native ones told by their names, where nothing else tells, and methods of source
/// that only hand it on to such a one.
/// </summary>
internal sealed class NativeKeepers
{
    public const int MaxHops = 4;

    /// <summary>Words of functions that call back and are done, or that let go.</summary>
    private static readonly HashSet<string> During = new(StringComparer.OrdinalIgnoreCase)
    {
        "enum", "enumerate", "each", "foreach", "sort", "qsort", "compare", "cmp", "search", "bsearch", "find", "walk", "visit", "iterate",
        "traverse", "scan", "apply", "map", "filter", "call", "invoke", "execute", "exec", "run", "dispatch", "with",
        "remove", "unregister", "unhook", "clear", "delete", "free", "destroy", "unset", "detach", "disconnect", "unsubscribe",
        "cancel", "uninstall",
    };

    /// <summary>Words of functions that remember what they are given.</summary>
    private static readonly HashSet<string> Remembering = new(StringComparer.OrdinalIgnoreCase)
    {
        "register", "install", "subscribe", "attach", "connect", "listen", "observe", "watch", "advise", "hook", "hooks", "add",
    };

    /// <summary>What a function that sets something sets, where that is a callback.</summary>
    private static readonly HashSet<string> Callbacks = new(StringComparer.OrdinalIgnoreCase)
    {
        "callback", "callbacks", "handler", "handlers", "hook", "hooks", "func", "funcs", "function", "functions", "proc", "procedure",
        "listener", "observer", "logger", "log", "trace", "tracer", "notify", "notifier", "event", "events", "sink", "delegate", "cb", "fn",
        "vtable",
    };

    private readonly Compilation _compilation;
    private readonly KnownFacts _known;
    private readonly Summary<IParameterSymbol, bool> _forwards;

    public NativeKeepers(Compilation compilation, KnownFacts known)
    {
        _compilation = compilation;
        _known = known;
        _forwards = new(SymbolEqualityComparer.Default, false, FindForward);
    }

    public bool Keep(IMethodSymbol method, IParameterSymbol parameter, Inquiry asking) =>
        IsNative(method) ? KeepByName(method, parameter, isCallback: true)
        : CallWalk.IsFixed(method, null) && method.MethodKind != MethodKind.LocalFunction
            && _forwards.Of(parameter.OriginalDefinition, asking);

    /// <summary>
    /// Whether the callee gets a pointer. What the runtime itself implements (an extern method without DllImport) is handed the delegate.
    /// </summary>
    public static bool IsNative(IMethodSymbol method) => method.MethodKind == MethodKind.DelegateInvoke
        ? method.ContainingType.GetAttributes().Any(static attribute =>
            attribute.AttributeClass?.Name == "UnmanagedFunctionPointerAttribute")
        : (method.IsExtern || method.IsPartialDefinition || method.DeclaringSyntaxReferences.IsEmpty) && method.IsStatic
            && ReleaseCall.IsNativeMethod(method) && (!method.IsExtern || method.GetDllImportData() is not null);

    /// <summary>The same of a function; a callback is known for one, of anything else the names have to say what it is.</summary>
    public static bool KeepByName(IMethodSymbol method, IParameterSymbol parameter, bool isCallback)
    {
        var given = isCallback ? "callback" : parameter.Name + "_" + parameter.Type.Name;
        return KeepByName(method.MethodKind == MethodKind.DelegateInvoke ? method.ContainingType.Name : method.Name, given)
            || (method.GetDllImportData()?.EntryPointName is { } entry && KeepByName(entry, given));
    }

    /// <summary>Whether a function of this name keeps it; what the parameter is called says what is set.</summary>
    public static bool KeepByName(string function, string given)
    {
        var (keeps, sets, index) = (false, false, 0);
        foreach (var word in WordsOf(function))
        {
            if (During.Contains(word))
            {
                return false;
            }

            keeps |= Remembering.Contains(word) || (index <= 1 && word.Equals("on", StringComparison.OrdinalIgnoreCase));
            sets |= word.Equals("set", StringComparison.OrdinalIgnoreCase);
            index++;
        }

        return keeps || (sets && (WordsOf(function).Any(Callbacks.Contains) || WordsOf(given).Any(Callbacks.Contains)));
    }

    /// <summary>The words of a name, told apart by capitals, digits and underscores.</summary>
    private static IEnumerable<string> WordsOf(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            // glfwSetKeyCallback, SetWindowsHookEx, WNDProc, sqlite3_update_hook
            if (i == name.Length || name[i] == '_' || name[i - 1] == '_' || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
                || (char.IsUpper(name[i]) && i + 1 < name.Length && char.IsLower(name[i + 1])))
            {
                var word = name.Substring(start, i - start).Trim('_');
                start = i;
                if (word.Length > 0)
                {
                    yield return word;
                }
            }
        }
    }

    /// <summary>The method does nothing with the delegate but to hand it to a function that keeps it.</summary>
    private bool FindForward(IParameterSymbol parameter, Inquiry asking)
    {
        if (parameter is not { Type.TypeKind: TypeKind.Delegate, ContainingSymbol: IMethodSymbol method, RefKind: RefKind.None }
            || Operations.Of(_compilation, method.DeclaringSyntaxReferences[0].GetSyntax(), default) is not { } body)
        {
            return false;
        }

        var keeps = false;
        foreach (var use in Values.In(body, _known).UsesOf(parameter))
        {
            var value = Operations.Outer(use);
            switch (value.Parent)
            {
                case IBinaryOperation or IIsPatternOperation or INameOfOperation:
                    break;
                case IArgumentOperation { Parameter: { } next, Parent: IInvocationOperation call }:
                    if (call.TargetMethod is { Name: "KeepAlive", ContainingType.Name: "GC" })
                    {
                        break;
                    }

                    if (Operations.FunctionOf(use) != body || !(call.TargetMethod.Name == "GetFunctionPointerForDelegate"
                        ? NativePointers.IsKept(call, _known) : Keep(call.TargetMethod, next, asking)))
                    {
                        return false;
                    }

                    keeps = true;
                    break;
                default:
                    return false;
            }
        }

        return keeps;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF206_NativeCallback() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF206",
        "Native code is given a delegate that nobody keeps",
        "Native code keeps a pointer to the delegate made from {0}, which does not keep the delegate alive, and nothing else does: the "
            + "first call after a collection ends the process; keep the delegate in a field",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "To native code a delegate is a function pointer, and that is no reference to the collector. A delegate that is "
            + "only passed to it is collected while the pointer is still in use.",
        helpLinkUri: HelpLink("WREF206"), customTags: Tags("WREF206"));

    public override Mention Needs => Mention.NativeCode;

    public override void Start(Subscriptions on)
    {
        var keepers = new NativeKeepers(on.Compilation, on.Known);
        on.OnDelegateTaken((call, context) =>
        {
            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { Type.TypeKind: TypeKind.Delegate } parameter
                    && LoneDelegates.Of(argument.Value, call, on.Known) is { } made
                    && keepers.Keep(call.TargetMethod, parameter, new Inquiry(NativeKeepers.MaxHops)))
                {
                    context.ReportDiagnostic(Report(argument.Value, made));
                }
                else if (argument.Parameter is { Type: { SpecialType: SpecialType.None, TypeKind: not TypeKind.Delegate } } table
                    && NativeKeepers.IsNative(call.TargetMethod) && NativeKeepers.KeepByName(call.TargetMethod, table, isCallback: false)
                    && LoneDelegates.InStruct(argument.Value, call, on.Known) is { } part)
                {
                    context.ReportDiagnostic(Report(argument.Value, part));
                }
            }
        });
        StartPointers(on);
    }

    /// <summary>Pointers that code makes of delegates itself.</summary>
    partial void StartPointers(Subscriptions on);

    private static Diagnostic Report(IOperation value, IDelegateCreationOperation made)
    {
        var given = Operations.Inner(value);
        return Related.Report(
            Descriptor,
            given.Syntax.GetLocation(),
            [(Place.Creation, given.Syntax.Span.Contains(made.Syntax.Span) ? null : made.Syntax)],
            made.Target is IMethodReferenceOperation { Method.Name: var name } ? $"'{name}'" : "this lambda");
    }
}

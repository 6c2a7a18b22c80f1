using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF305_TableValueReachesTable() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF305",
        "Table value keeps its own table alive",
        "The value lives as long as its key '{0}' and keeps the table '{1}' alive through '{2}', so neither the table nor what "
            + "is in it is collected before the key; hold the table's owner weakly",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A ConditionalWeakTable keeps a value alive as long as its key. A value that leads to its own table keeps "
            + "the table, all its entries and its owner alive for as long as any such key lives, even when nobody else uses "
            + "them. A value that leads to its key is fine.",
        helpLinkUri: HelpLink("WREF305"), customTags: Tags("WREF305"));

    public override void Start(Subscriptions on)
    {
        var retention = new Retention(on.Compilation, on.Known);
        on.OnTarget((entry, context) => Analyze(entry, retention, on.Known, context));
    }

    private static void Analyze(WeakTarget entry, Retention retention, KnownFacts known, OperationAnalysisContext context)
    {
        if (entry is not { Kind: WeakTargetKind.TableKey, Dependent: { } dependent, Operation: IInvocationOperation call }
            || Reference.Of(entry.Holder, known) is not { } table || table is { Parent: null, Segment: ISymbol { IsStatic: true } }
            || IsPartOf(Reference.Of(entry.Value, known), table)
            || (table.Segment is IFieldSymbol or IPropertySymbol
                && StrongStores.IsReleased((ISymbol)table.Segment, call.Syntax, anyAssignment: false, known)))
        {
            // Static, or the key dies with the table, or entries are taken out when their time has come.
            return;
        }

        // A table dies no earlier than the object whose field it is.
        foreach (var value in ValuesOf(call, dependent, context))
        {
            if ((retention.Find(value, table) ?? (table.Parent is { } owner ? retention.Find(value, owner) : null)) is { } hold)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    dependent.Syntax.GetLocation(),
                    IsOfOneForAll(((ISymbol)table.Segment).ContainingType) ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity,
                    [hold.Cause.Syntax.GetLocation()],
                    properties: null,
                    Text.Of(entry.Value.Syntax),
                    ((ISymbol)table.Segment).Name,
                    Text.Of(hold.Cause.Syntax)));
                return;
            }
        }
    }

    /// <summary>Whether the type has a static variable for the one object of it, which lives as long as the process.</summary>
    private static bool IsOfOneForAll(INamedTypeSymbol? type) => type is not null && type.GetMembers().Any(member =>
        member is IFieldSymbol { IsStatic: true, Type: var held } && (Operations.Same(held, type)
            || (held is INamedTypeSymbol { Name: "Lazy", TypeArguments: { Length: 1 } made } && Operations.Same(made[0], type))));

    /// <summary>A key that is the table's owner, or that the owner holds, dies with the table.</summary>
    private static bool IsPartOf(Reference? key, Reference table) =>
        key is null || (table.Parent is { } owner && (key.Equals(owner) || owner.Equals(key.Parent)));

    /// <summary>The value itself, or what the factory returns.</summary>
    private static IEnumerable<IOperation> ValuesOf(IInvocationOperation call, IOperation dependent, OperationAnalysisContext context)
    {
        var method = call.TargetMethod;
        if (method.Parameters.Length < 2 || method.ContainingType.TypeArguments.Length < 2
            || SymbolEqualityComparer.Default.Equals(method.Parameters[1].Type, method.ContainingType.TypeArguments[1]))
        {
            return [dependent];
        }

        var factory = Operations.ObjectOf(dependent) is IDelegateCreationOperation creation ? creation.Target : null;
        var body = factory switch
        {
            IAnonymousFunctionOperation lambda => lambda.Body,
            IMethodReferenceOperation { Instance: IInstanceReferenceOperation,
                Method: { IsVirtual: false, DeclaringSyntaxReferences: { Length: 1 } declarations } } =>
                Operations.Of(context.Compilation, declarations[0].GetSyntax(context.CancellationToken), context.CancellationToken),
            _ => null,
        };
        return body is null ? []
            : body.Descendants().OfType<IReturnOperation>().Select(result => result.ReturnedValue).OfType<IOperation>();
    }
}

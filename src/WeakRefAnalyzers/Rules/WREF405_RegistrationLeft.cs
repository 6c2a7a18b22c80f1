using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF405_RegistrationLeft() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF405",
        "Dispose leaves the registration",
        "'{0}' releases what the cleanup callback of '{1}' releases once more, since nothing takes the registration back; call "
            + "Unregister, and release it only where that returned true",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A registration outlives an explicit release. Once the object is collected its callback runs all the same and "
            + "releases a handle that is free, or by then somebody else's.",
        helpLinkUri: HelpLink("WREF405"), customTags: Tags("WREF405"));

    public override Mention Needs => Mention.Registry;

    public override void Start(Subscriptions on)
    {
        var leftovers = new ConcurrentDictionary<INamedTypeSymbol, IReadOnlyList<CallbackRelease>>(SymbolEqualityComparer.Default);
        on.OnBody(context =>
        {
            if (context.OwningSymbol is IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary
                or MethodKind.ExplicitInterfaceImplementation, ContainingType: { TypeKind: TypeKind.Class } type } method)
            {
                if (!leftovers.TryGetValue(type, out var releases))
                {
                    releases = CallbackRelease.Of(type, on, context.CancellationToken);
                    leftovers.TryAdd(type, releases);
                }

                if (releases.Count > 0 && IsExplicit(method, type, on.Known))
                {
                    Analyze(releases, on, context);
                }
            }
        });
    }

    private static void Analyze(IReadOnlyList<CallbackRelease> releases, Subscriptions on, OperationBlockAnalysisContext context)
    {
        foreach (var block in context.OperationBlocks)
        {
            foreach (var operation in block.Descendants())
            {
                if (operation is IInvocationOperation call && Operations.FunctionAround(call) is null
                    && releases.FirstOrDefault(release => release.IsRepeatedBy(call)) is { } repeated
                    && !CallbackRelease.IsTakenBackIn(block, on, context.CancellationToken))
                {
                    context.ReportDiagnostic(Related.Report(Descriptor, call.Syntax.GetLocation(),
                        [(Place.Registration, repeated.Registered.Syntax)], ReleaseCall.NameOf(call), repeated.Registry));
                    return;
                }
            }
        }
    }

    /// <summary>An owner calls the method to be done with the object, or such a method calls it.</summary>
    private static bool IsExplicit(IMethodSymbol method, INamedTypeSymbol type, KnownFacts known) => Vocabulary.IsEnding(method.Name)
        || Members.Named(method.Name, type, known).Any(static use => Syntaxes.CallOf(use) is not null
            && use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is MethodDeclarationSyntax caller
            && !caller.Modifiers.Any(SyntaxKind.StaticKeyword) && Vocabulary.IsEnding(caller.Identifier.ValueText));
}

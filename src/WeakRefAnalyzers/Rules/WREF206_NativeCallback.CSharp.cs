
namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF206_NativeCallback
{
    partial void StartPointers(Subscriptions on) =>
        on.OnCallInBody("GetFunctionPointerForDelegate", (call, context) =>
        {
            if (call is { TargetMethod.ContainingType.Name: "Marshal", Arguments: { Length: 1 } arguments }
                && LoneDelegates.Of(arguments[0].Value, call, on.Known) is { } made && NativePointers.IsKept(call, on.Known))
            {
                context.ReportDiagnostic(Report(arguments[0].Value, made));
            }
        });
}

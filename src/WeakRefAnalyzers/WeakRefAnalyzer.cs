using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Rules;

namespace WeakRefAnalyzers;

/// <summary>
/// The package's one analyzer. The compiler calls it once per operation however many rules there are, which is what
/// keeps thirty rules cheaper than thirty analyzers; a rule never sees an operation that plays no role.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WeakRefAnalyzer : RuleHost
{
    /// <summary>All rules of the catalogue.</summary>
    public WeakRefAnalyzer()
        : base(Catalogue())
    {
    }

    internal static Rule[] Catalogue() =>
    [
        new WREF001_UnknownName(),
        new WREF101_UncheckedTarget(),
        new WREF102_ProbeThenRead(),
        new WREF103_CheckedOtherRead(),
        new WREF104_IgnoredTryResult(),
        new WREF105_FieldReadTwice(),
        new WREF201_ValueTypeTarget(),
        new WREF202_ImmortalTarget(),
        new WREF203_UnheldTarget(),
        new WREF204_UnheldDelegate(),
        new WREF205_LongReference(),
        new WREF206_NativeCallback(),
        new WREF207_NullTarget(),
        new WREF301_HeldValueReachesTarget(),
        new WREF302_CallbackCapturesTarget(),
        new WREF303_LambdaCapturesWeakTarget(),
        new WREF304_WeakAndStrong(),
        new WREF305_TableValueReachesTable(),
        new WREF401_UnkeptRegistry(),
        new WREF402_UnusableToken(),
        new WREF403_BlindRemoval(),
        new WREF404_TimelyCleanup(),
        new WREF405_RegistrationLeft(),
        new WREF501_FinalizerOnlyRelease(),
        new WREF502_RawHandle(),
        new WREF503_FinalizedObject(),
        new WREF504_BlockingFinalizer(),
        new WREF505_ThrowingFinalizer(),
        new WREF506_Resurrection(),
        new WREF507_NoKeepAlive(),
        new WREF508_FinalizerWaitsForItself(),
        new WREF509_ClosedHandlePassed(),
        new WREF510_UnlockedCollection(),
        new WREF601_WeakReferenceAsKey(),
        new WREF602_NeverPruned(),
        new WREF603_DeadEntryAnswered(),
        new WREF604_HashOfWeakTarget(),
        new WREF701_UnfreedHandle(),
        new WREF801_CollectionAsserted(),
        new WREF802_FinalizersNotAwaited(),
    ];
}

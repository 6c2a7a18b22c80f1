using FieldTests;

if (args.Length == 0)
{
    Console.Error.WriteLine(
        "usage: FieldTests FOLDER... [--ids PREFIX]    applies every offered fix to the C# sources below each folder, in "
            + "memory, and checks the result");
    return 2;
}

var prefix = args is [.., "--ids", var ids] ? ids : "WREF";
var wrong = 0;
foreach (var folder in args.TakeWhile(static argument => argument != "--ids"))
{
    var report = await FieldRun.RunAsync(folder, prefix);
    Console.WriteLine(
        $"{Path.GetFileName(folder.TrimEnd('/'))}: {report.Findings} findings, {report.Fixed} fixes applied, {report.Wrong.Count} wrong");
    foreach (var line in report.Wrong)
    {
        Console.WriteLine("  " + line);
    }

    wrong += report.Wrong.Count;
}

return wrong == 0 ? 0 : 1;

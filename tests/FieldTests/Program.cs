using FieldTests;

// FieldTests fix FOLDER... [--ids PREFIX]: applies every offered fix to the C# sources below each folder, in memory, and checks the
// result. Everything else is for the test runner.
if (args is not ["fix", ..])
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

var prefix = args is [.., "--ids", var ids] ? ids : "WREF";
var wrong = 0;
foreach (var folder in args.Skip(1).TakeWhile(static argument => argument != "--ids"))
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

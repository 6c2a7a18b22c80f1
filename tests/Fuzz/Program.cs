using Fuzz;

// Fuzz --growth [SHAPE...]: how the time grows with the code, a line for each shape.
// Fuzz [--seed N] [--mutants N] [FOLDER...]: mutants of the samples and of the C# sources below each folder; the exit code is 1 where
// something went wrong. Everything else is for the test runner.
if (args is ["--growth", ..])
{
    return Growth.Run(args[1..]);
}

if (args is ["--growth-of", var shape, var size])
{
    return await Growth.RunOneAsync(shape, int.Parse(size));
}

if (args is not ["--seed" or "--mutants", ..])
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

var seed = 1;
var mutants = 1000;
List<string> texts = [.. Sources.Own()];
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seed":
            seed = int.Parse(args[++i]);
            break;
        case "--mutants":
            mutants = int.Parse(args[++i]);
            break;
        default:
            texts.AddRange(Sources.In(args[i]));
            break;
    }
}

var run = new FuzzRun(texts);
await run.RunAsync(seed, mutants);
Console.WriteLine($"seed {seed}, {texts.Count} sources");
Console.WriteLine(run.Describe());
Console.WriteLine($"{run.Faults.Count} faults");
foreach (var fault in run.Faults)
{
    Console.WriteLine(fault);
}

return run.Faults.Count == 0 ? 0 : 1;

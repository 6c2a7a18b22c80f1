using Fuzz;

// Fuzz --growth [SHAPE...]: how the time grows with the code, a line for each shape.
// Fuzz [--seed N] [--mutants N] [--keep FOLDER] [FOLDER...]: mutants of the samples and of the C# sources below each folder; the exit
// code is 1 where something went wrong, and the mutant is kept in the folder. Everything else is for the test runner.
if (args is ["--growth", ..])
{
    return Growth.Run(args[1..]);
}

if (args is ["--growth-of", var shape, var size])
{
    return await Growth.RunOneAsync(shape, int.Parse(size));
}

if (args is not ["--seed" or "--mutants" or "--keep", ..])
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

var seed = 1;
var mutants = 1000;
string? keep = null;
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
        case "--keep":
            keep = args[++i];
            break;
        default:
            texts.AddRange(Sources.In(args[i]));
            break;
    }
}

var run = new FuzzRun(texts, Console.WriteLine, keep);
await run.RunAsync(seed, mutants);
Console.WriteLine($"seed {seed}, {texts.Count} sources");
Console.WriteLine(run.Describe());
Console.WriteLine($"{run.Faults.Count} faults");
return run.Faults.Count == 0 ? 0 : 1;

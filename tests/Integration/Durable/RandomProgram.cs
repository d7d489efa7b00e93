using System.Globalization;
using CsCheck;
using Microsoft.DurableTask;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>
/// A random orchestration as data: it can be run by the engine and evaluated by hand. The path
/// of a part makes its calls distinguishable, so that runs can be counted.
/// </summary>
public sealed record RandomProgram(string Op, int Number, RandomProgram[] Parts)
{
    private static readonly RetryPolicy TwoAttempts = new(2, TimeSpan.FromMilliseconds(1));

    public static Gen<RandomProgram> Gen(int depth)
    {
        var leaf = CsCheck.Gen.Select(
            CsCheck.Gen.OneOf("activity", "activity", "fails", "retried", "timer", "event"), CsCheck.Gen.Int[0, 9],
            (op, number) => new RandomProgram(op, number, []));
        if (depth == 0) return leaf;
        var inner = CsCheck.Gen.Select(
            CsCheck.Gen.OneOf("sequence", "parallel", "sub", "raced"), CsCheck.Gen.Int[0, 9], Gen(depth - 1).Array[1, 3],
            (op, number, parts) => new RandomProgram(op, number, parts));
        return CsCheck.Gen.OneOf(leaf, inner);
    }

    /// <summary>What the program returns, whatever happens to the engine.</summary>
    public string Expected(string path) => Op switch
    {
        "activity" => $"a{Number + 1}",
        "fails" => $"f:System.InvalidOperationException:no {Number}@{path}",
        "retried" => "r2",
        "timer" => "t",
        "event" => $"e{Number}",
        "raced" => "won",
        _ => $"{Op}({string.Join(',', Parts.Select((part, i) => part.Expected($"{path}.{i}")))})",
    };

    /// <summary>The events that it waits for: name and payload.</summary>
    public IEnumerable<(string Name, string Payload)> Events(string path) => Op switch
    {
        "event" => [($"event-{path}", $"e{Number}")],
        "sequence" or "parallel" => Parts.SelectMany((part, i) => part.Events($"{path}.{i}")),
        _ => [],
    };

    public async Task<string> RunAsync(TaskOrchestrationContext context, string path)
    {
        switch (Op)
        {
            case "activity":
                return await context.CallActivityAsync<string>("Add", $"{Number}@{path}");
            case "fails":
                try
                {
                    return await context.CallActivityAsync<string>("Fail", $"{Number}@{path}");
                }
                catch (TaskFailedException failure)
                {
                    return $"f:{failure.FailureDetails.ErrorType}:{failure.FailureDetails.ErrorMessage}";
                }

            case "retried":
                var attempts = 0;
                try
                {
                    var policy = new RetryPolicy(2, TimeSpan.FromMilliseconds(1)) { HandleFailure = _ => ++attempts < 5 };
                    return await context.CallActivityAsync<string>("Fail", $"{Number}@{path}", TaskOptions.FromRetryPolicy(policy));
                }
                catch (TaskFailedException)
                {
                    return $"r{attempts + 1}";
                }

            case "timer":
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromMilliseconds(Number), CancellationToken.None);
                return context.CurrentUtcDateTime >= before.AddMilliseconds(Number) ? "t" : "early";
            case "event":
                return await context.WaitForExternalEvent<string>($"event-{path}");
            case "raced":
                using (var stop = new CancellationTokenSource())
                {
                    var never = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
                    var work = context.CallActivityAsync<string>("Add", string.Create(CultureInfo.InvariantCulture, $"{Number}@{path}"));
                    var first = await Task.WhenAny(never, work);
                    stop.Cancel();
                    return first == work ? "won" : "lost";
                }

            case "sub":
                return await context.CallSubOrchestratorAsync<string>(
                    "Program", new Call(path, this with { Op = "sub" }), new SubOrchestrationOptions(TwoAttempts, $"{context.InstanceId}/{path}"));
            case "sequence":
                var results = new List<string>();
                for (var i = 0; i < Parts.Length; i++) results.Add(await Parts[i].RunAsync(context, $"{path}.{i}"));
                return $"sequence({string.Join(',', results)})";
            default:
                return $"parallel({string.Join(',', await Task.WhenAll(Parts.Select((part, i) => part.RunAsync(context, $"{path}.{i}"))))})";
        }
    }

    /// <summary>The body of the orchestrator "Program": a sub-orchestration runs its parts.</summary>
    public static async Task<object?> OrchestrateAsync(TaskOrchestrationContext context)
    {
        var call = context.GetInput<Call>()!;
        if (call.Program.Op != "sub" || context.Parent is null) return await call.Program.RunAsync(context, call.Path);
        var results = new List<string>();
        for (var i = 0; i < call.Program.Parts.Length; i++)
            results.Add(await call.Program.Parts[i].RunAsync(context, $"{call.Path}.{i}"));
        return $"sub({string.Join(',', results)})";
    }

    public sealed record Call(string Path, RandomProgram Program);
}

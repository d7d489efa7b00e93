using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Orchestrators and activities written inline, and a log of every activity run.</summary>
internal sealed class TestFunctions : IDurableFunctions
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<JsonElement, CancellationToken, Task<object?>>> activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> running = new();

    /// <summary>Activity and input of every run, in the order in which they began.</summary>
    public ConcurrentQueue<string> Runs { get; } = new();

    /// <summary>Runs that began while the same activity of the same instance with the same input was running.</summary>
    public int Overlaps;

    public TestFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        orchestrators[name] = code;
        return this;
    }

    public TestFunctions Activity(string name, Func<JsonElement, object?> code) => Activity(name, (input, _) => Task.FromResult(code(input)));

    public TestFunctions Activity(string name, Func<JsonElement, CancellationToken, Task<object?>> code)
    {
        activities[name] = code;
        return this;
    }

    public bool HasOrchestrator(string name) => orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => activities.ContainsKey(name);

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken cancellation) =>
        DurableJson.Default.Serialize(await orchestrators[name](context));

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation)
    {
        var call = $"{instanceId} {name} {input}";
        Runs.Enqueue($"{name} {input}");
        if (running.AddOrUpdate(call, 1, (_, count) => count + 1) > 1) Interlocked.Increment(ref Overlaps);
        try
        {
            return DurableJson.Default.Serialize(await activities[name](JsonSerializer.Deserialize<JsonElement>(input ?? "null"), cancellation));
        }
        finally
        {
            running.AddOrUpdate(call, 0, (_, count) => count - 1);
        }
    }
}

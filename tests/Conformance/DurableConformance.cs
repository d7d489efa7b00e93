using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WhatsOps.Conformance;

public sealed class DurableConformance(HostUnderTest host)
{
    [Fact]
    public async Task Activities_follow_each_other()
    {
        var state = await host.RunAsync("Chain", new { product = "lamp", amount = 3 });
        Assert.Equal("lamp...", state.GetProperty("output").GetString());
        Assert.Equal("Chain", state.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Activities_fan_out_and_in() =>
        Assert.Equal(385, (await host.RunAsync("FanOut", 10)).GetProperty("output").GetInt32());

    [Fact]
    public async Task A_failing_activity_is_retried_by_its_policy() =>
        Assert.Equal(3, (await host.RunAsync("Retry", 2)).GetProperty("output").GetInt32());

    [Fact]
    public async Task Retries_end_and_the_failure_says_which_activity_failed()
    {
        var id = await host.StartAsync("Retry", 5);
        var state = await host.UntilAsync(id, "Failed");
        Assert.Contains("Flaky", state.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, await host.CountAsync("flaky:" + id));
    }

    [Fact]
    public async Task A_failed_activity_can_be_caught_with_its_type_and_reason() => Assert.Equal(
        "Fail|System.InvalidOperationException|the reason", (await host.RunAsync("Catch", null)).GetProperty("output").GetString());

    [Fact]
    public async Task An_exception_in_the_orchestrator_fails_the_instance()
    {
        var state = await host.RunAsync("Throw", null, "Failed");
        Assert.Equal("System.InvalidOperationException", state.GetProperty("errorType").GetString());
        Assert.Contains("thrown by the orchestrator", state.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_wakes_the_orchestration_and_brings_its_payload()
    {
        var id = await host.StartAsync("Approval", 60);
        await HostUnderTest.EventuallyAsync(async () => (await host.StatusAsync(id)).GetProperty("custom") is { ValueKind: JsonValueKind.String });
        await host.CommandAsync(id, "raise/decision", new { product = "yes", amount = 1 });
        Assert.Equal("decided yes", (await host.UntilAsync(id, "Completed")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task Silence_times_out() =>
        Assert.Equal("nobody answered", (await host.RunAsync("Approval", 0.5)).GetProperty("output").GetString());

    [Fact]
    public async Task Events_that_come_early_are_kept_in_order()
    {
        var id = await host.StartAsync("LateListener");
        await host.CommandAsync(id, "raise/early", "a");
        await host.CommandAsync(id, "raise/early", "b");
        await host.CommandAsync(id, "raise/go", "");
        Assert.Equal("ab", (await host.UntilAsync(id, "Completed")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_timer_fires_at_its_time_and_the_clock_of_the_orchestration_shows_it() =>
        Assert.InRange((await host.RunAsync("Sleep", 1.0)).GetProperty("output").GetDouble(), 1, 30);

    [Fact]
    public async Task A_child_gives_its_output_and_its_failure_to_the_parent()
    {
        var output = (await host.RunAsync("Parent", null)).GetProperty("output").GetString()!.Split('|', 3);
        Assert.Equal(("child.", "Throw"), (output[0], output[1]));
        Assert.Contains("thrown by the orchestrator", output[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Continue_as_new_starts_over_with_new_input() =>
        Assert.Equal(0, (await host.RunAsync("Loop", 5)).GetProperty("output").GetInt32());

    [Fact]
    public async Task Ids_and_times_are_the_same_in_every_replay() =>
        Assert.True((await host.RunAsync("Deterministic", null)).GetProperty("output").GetBoolean());

    [Fact]
    public async Task Terminate_ends_a_waiting_orchestration()
    {
        var id = await host.StartAsync("Forever");
        await host.UntilAsync(id, "Running");
        await host.CommandAsync(id, "terminate");
        Assert.Equal("stopped by the suite", (await host.UntilAsync(id, "Terminated")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_suspended_orchestration_handles_its_events_after_resume()
    {
        var id = await host.StartAsync("Forever");
        await host.UntilAsync(id, "Running");
        await host.CommandAsync(id, "suspend");
        await host.UntilAsync(id, "Suspended");
        await host.CommandAsync(id, "raise/ping", "");
        await Task.Delay(300);
        Assert.NotEqual(JsonValueKind.Number, (await host.StatusAsync(id)).GetProperty("custom").ValueKind);
        await host.CommandAsync(id, "resume");
        await HostUnderTest.EventuallyAsync(async () => (await host.StatusAsync(id)).GetProperty("custom") is { ValueKind: JsonValueKind.Number } pings && pings.GetInt32() == 1);
        await host.CommandAsync(id, "terminate");
    }

    [Fact]
    public async Task A_purged_instance_is_gone()
    {
        var id = await host.StartAsync("Chain", new { product = "x", amount = 0 });
        await host.UntilAsync(id, "Completed");
        var purged = await host.SendAsync(HttpMethod.Post, $"api/orchestrations/{id}/commands/purge", host.FunctionKey);
        Assert.Equal(1, await purged.Content.ReadFromJsonAsync<int>());
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"api/orchestrations/{id}", host.FunctionKey)).StatusCode);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace WhatsOps.Cli.Up;

/// <summary>Customers write to every open instance for a few seconds; the gateway's own count says what WhatsOps acknowledged.</summary>
internal sealed class FirstBurst(SimulatedGateway gateway, Progress progress)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int PerInstancePerSecond = 20;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = await CountAsync(cancellation);
        await gateway.ControlAsync($"traffic?perInstancePerSecond={PerInstancePerSecond}", null, cancellation);
        await Task.Delay(Length, cancellation);
        await gateway.ControlAsync("traffic?perInstancePerSecond=0", null, cancellation);
        var after = await SettledAsync(before, cancellation);
        var (sent, accepted, refused) = (after.Sent - before.Sent, after.Accepted - before.Accepted, after.Refused - before.Refused);
        progress.Say(string.Create(CultureInfo.InvariantCulture,
            $"{sent} messages in {Length.TotalSeconds:0} s: {accepted} acknowledged, each after its commit; {refused} refused"));
        if (accepted < sent || refused > 0) throw new CliProblem($"Of {sent} webhooks {accepted} were acknowledged.", "look at the host's log");
    }

    private async Task<Counts> SettledAsync(Counts before, CancellationToken cancellation)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var now = await CountAsync(cancellation);
            if (now.Accepted - before.Accepted >= now.Sent - before.Sent || Stopwatch.GetElapsedTime(started) > Patience) return now;
            await Task.Delay(100, cancellation);
        }
    }

    private async Task<Counts> CountAsync(CancellationToken cancellation)
    {
        var sent = (await gateway.ReadAsync("status", cancellation))["messagesSent"]!.GetValue<long>();
        var deliveries = (await gateway.ReadAsync("deliveries", cancellation)).AsArray()
            .Where(delivery => delivery!["event"]!.GetValue<string>() == "messages.upsert").ToList();
        var accepted = deliveries.Count(IsAccepted);
        return new Counts(sent, accepted, deliveries.Count - accepted);
    }

    private static bool IsAccepted(JsonNode? delivery) => delivery!["status"]?.GetValue<int>() is >= 200 and < 300;

    private sealed record Counts(long Sent, int Accepted, int Refused);
}

using System.Globalization;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>
/// Pairing within a budget of codes: Evolution shows one every 45 s and gives up at its limit, and WhatsApp refuses to link after too many.
/// The codes of the run are counted by the gateway's own count, whoever looks.
/// </summary>
public sealed class PairingSteps(IGateways gateways, PairingCodes codes, InstanceSteps instances)
{
    /// <summary>The secret parameter with the phone's number; a runbook that has it offers a pairing code, too.</summary>
    public const string Number = "number";

    private const string Restarted = "restarted", Codes = "qrCodes", Count = "qrCount", Unpaired = "unpaired";

    /// <summary>Makes the gateway show codes. Does nothing to an open instance, and takes no pairing from any.</summary>
    public async Task<StepResult> StartAsync(StepContext step, CancellationToken cancellation)
    {
        var number = await step.SecretAsync(Number, cancellation);
        var code = await AskAsync(step, number, cancellation);
        if (!code.IsSeen) return StepResult.Retry($"The pairing did not start: {code.Detail}");
        return code.Value switch
        {
            { State: InstanceState.Open } => StepResult.Done("It is open already."),
            { Qr: not null, Code: null } when number is not null && !step.LastFacts.ContainsKey(Restarted) => await RestartAsync(step, cancellation),
            { Code: not null } => StepResult.Done("The gateway shows a QR code and a pairing code."),
            { Qr: not null } => StepResult.Done(number is null ? "The gateway shows a QR code." : "The gateway shows a QR code, and no pairing code although it knows the number."),
            _ => StepResult.NotYet(
                "The gateway connects, but has no code to scan. If it stays so: its CONFIG_SESSION_PHONE_VERSION may be out of date, or WhatsApp refuses its address and it needs a proxy.") with { Facts = step.LastFacts },
        };
    }

    /// <summary>The proof of a person's scan is the state, not a click. Fails when the codes of <c>thresholds.qrBudget</c> have been shown in vain.</summary>
    public async Task<StepResult> IsPairedAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await instances.IsPairedAsync(step, cancellation);
        if (seen.Outcome == StepOutcome.Done) return seen;
        // Also what shows codes again after the gateway gave up, as long as the budget lasts.
        var code = await CodeAsync(step, cancellation);
        var (shown, count) = Counted(Noted(step, Codes), Noted(step, Count), code?.Shown.Count);
        var budget = step.System.Thresholds.QrBudget;
        var facts = new Dictionary<string, string> { [Codes] = Text(shown), [Count] = Text(count) };
        if (shown <= budget) return StepResult.NotYet($"{seen.Detail} QR code {shown} of {budget}.") with { Facts = facts };
        var why = $"{budget} QR codes were shown and nobody scanned one; the gateway gives up at 30, so the run asks for no more.";
        await step.Artifacts.KeepAsync(Unpaired, why, cancellation);
        return StepResult.Failed(why) with { Facts = facts };
    }

    /// <summary>How many codes the run has seen, after one more look at the gateway's own count.</summary>
    /// <param name="shown">Codes until now.</param>
    /// <param name="before">The gateway's count at the last look; 0 at the first, since codes before the run are not the run's.</param>
    /// <param name="now">Null while it shows none.</param>
    internal static (int Shown, int Count) Counted(int shown, int before, int? now) => now switch
    {
        null or 0 => (shown, before),
        _ when before == 0 => (shown + 1, now.Value),
        // It went on while nobody looked.
        _ when now >= before => (shown + now.Value - before, now.Value),
        // It fell: the gateway gave up or restarted, and began to count anew.
        _ => (shown + now.Value, now.Value),
    };

    /// <summary>Why nobody paired it, for the run's end.</summary>
    public static async Task<string> UnpairedAsync(StepContext step, CancellationToken cancellation) =>
        await step.Artifacts.FindAsync(Unpaired, cancellation) ?? "Nobody scanned the code in time.";

    /// <summary>The code to scan or type, live; null while there is none.</summary>
    public async Task<LiveCode?> CodeAsync(StepContext step, CancellationToken cancellation)
    {
        var number = await step.SecretAsync(Number, cancellation);
        return await codes.ShareAsync(step.RunId, step.Target.Gateway, step.Target.Instance, token => AskAsync(step, number, token), cancellation);
    }

    // It shows codes already, and takes a number only when it starts connecting. What shows a QR code has no pairing to lose.
    private async Task<StepResult> RestartAsync(StepContext step, CancellationToken cancellation)
    {
        var answer = await gateways.Open(step).LogoutAsync(step.Target.Instance, cancellation);
        return answer.IsAccepted
            ? StepResult.NotYet("It showed QR codes without the number; starting anew with it.", TimeSpan.FromSeconds(2)) with { Facts = new Dictionary<string, string> { [Restarted] = "true" } }
            : StepResult.Retry($"It shows QR codes without the number and does not start anew: {answer.Detail}");
    }

    private Task<Observation<PairingCode>> AskAsync(StepContext step, string? number, CancellationToken cancellation) => number is null
        ? gateways.Open(step).ConnectAsync(step.Target.Instance, cancellation)
        : gateways.Open(step).ConnectAsync(step.Target.Instance, number, cancellation);

    private static int Noted(StepContext step, string fact) =>
        int.TryParse(step.LastFacts.GetValueOrDefault(fact), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

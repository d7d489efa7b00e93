using WhatsOps.Health;

namespace WhatsOps.Diagnosis;

/// <summary>A runbook that a conclusion may name: always the least destructive one that fits.</summary>
internal sealed record Remedy(string Runbook, bool IsAboutTheGateway = false)
{
    public static Remedy CreateInstance { get; } = new(Remedies.CreateInstance);

    public static Remedy SaveIntegration { get; } = new(Remedies.SaveIntegration);

    public static Remedy Reconnect { get; } = new(Remedies.Reconnect);

    public static Remedy RestartInstance { get; } = new(Remedies.RestartInstance);

    public static Remedy Reauthenticate { get; } = new(Remedies.Reauthenticate);

    public static Remedy RecoverInstance { get; } = new(Remedies.RecoverInstance);

    public static Remedy RepairWebhook { get; } = new(Remedies.RepairWebhook);

    public static Remedy FixIsolation { get; } = new(Remedies.FixIsolation);

    public static Remedy WaitForStability { get; } = new(Remedies.WaitForStability, IsAboutTheGateway: true);

    public static IReadOnlyList<Remedy> All { get; } =
        [CreateInstance, SaveIntegration, Reconnect, Reauthenticate, RestartInstance, RecoverInstance, RepairWebhook, FixIsolation, WaitForStability];

    /// <summary>How an operator starts it.</summary>
    public string CommandFor(DiagnosisView view) =>
        $"whatsops runbooks run {Runbook} --system {view.System.Name} {(IsAboutTheGateway ? $"--gateway {view.Gateway?.Name}" : $"--tenant {view.Slug}")}";
}

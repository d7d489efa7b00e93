namespace WhatsOps.Diagnosis;

/// <summary>A runbook that a conclusion may name. Diagnosis stands before Runbooks in the pipe, so it keeps the names itself.</summary>
internal sealed record Remedy(string Runbook, bool IsAboutTheGateway = false)
{
    public static Remedy CreateInstance { get; } = new("create-instance");

    public static Remedy SaveIntegration { get; } = new("save-integration");

    public static Remedy Reconnect { get; } = new("reconnect");

    public static Remedy RecoverInstance { get; } = new("recover-instance");

    public static Remedy ResetIntegration { get; } = new("reset-integration");

    public static Remedy RepairWebhook { get; } = new("repair-webhook");

    public static Remedy FixIsolation { get; } = new("fix-isolation");

    public static Remedy WaitForStability { get; } = new("wait-for-stability", IsAboutTheGateway: true);

    public static IReadOnlyList<Remedy> All { get; } =
        [CreateInstance, SaveIntegration, Reconnect, RecoverInstance, ResetIntegration, RepairWebhook, FixIsolation, WaitForStability];

    /// <summary>How an operator starts it.</summary>
    public string CommandFor(DiagnosisView view) =>
        $"whatsops runbooks run {Runbook} --system {view.System.Name} {(IsAboutTheGateway ? $"--gateway {view.Gateway?.Name}" : $"--tenant {view.Slug}")}";
}

namespace WhatsOps.Watch;

/// <summary>The manual's two dashboards as one picture of the moment: of a system, or of one of its instances .</summary>
/// <param name="Instance">Null: the whole system.</param>
/// <param name="Instances">Null: not known.</param>
/// <param name="Messages">Null: not known.</param>
/// <param name="Containers">By use of the processor, the most first.</param>
/// <param name="WebhookEvents">That came to WhatsOps' receiver within 24 hours, by event, the most first.</param>
/// <param name="Errors">The most first.</param>
/// <param name="Unknown">What could not be had, and why; one sentence each. What is not here is not zero.</param>
public sealed record Dashboard(
    string System, string? Instance, DateTimeOffset At, DashboardInstances? Instances, DashboardMessages? Messages, IReadOnlyList<DashboardRate> ErrorRates, IReadOnlyList<DashboardContainer> Containers,
    IReadOnlyList<NamedCount> WebhookEvents, IReadOnlyList<DashboardError> Errors, IReadOnlyList<string> Unknown);

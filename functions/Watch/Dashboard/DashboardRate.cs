namespace WhatsOps.Watch;

/// <summary>Failures as a part of everything, in the last 5 minutes .</summary>
/// <param name="What">requests, messages.</param>
/// <param name="Percent">0 where nothing was done: nothing of it failed.</param>
public sealed record DashboardRate(string Target, string What, double Percent);

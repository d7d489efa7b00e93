namespace WhatsOps.Events;

/// <summary>Where a storm may rage, and with which state.</summary>
internal readonly record struct StormPlace(string System, string Tenant, string Instance, string Event, string State, bool IsForeign)
{
    /// <summary>The same place, whatever the state.</summary>
    public StormPlace Anywhere => this with { State = "" };
}

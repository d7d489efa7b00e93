namespace WhatsOps.Retention;

/// <summary>A clean-up of a product's table that waits for a person's yes.</summary>
/// <param name="OlderThan">What was old when it was asked; a yes is for these rows and no others.</param>
/// <param name="Rows">How many they were.</param>
public sealed record CleanUpRequest(string System, string Table, DateTimeOffset OlderThan, long Rows, DateTimeOffset AskedAt, string? GrantedBy)
{
    public bool IsGranted => GrantedBy is not null;
}

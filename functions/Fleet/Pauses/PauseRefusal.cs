namespace WhatsOps.Fleet;

/// <summary>How what a person asks for is refused while a pause is in force; runs wait by themselves instead.</summary>
internal static class PauseRefusal
{
    /// <param name="what">What is refused, e.g. "A replay".</param>
    /// <exception cref="ProblemException">409: the system, or everything, is paused.</exception>
    public static async Task RequireRunningAsync(this IPauses pauses, string system, string what, CancellationToken cancellation)
    {
        if (await pauses.IsPausedAsync(system, cancellation))
            throw new ProblemException(409, $"{what} is an act, and {system} is paused.", "$.system", $"Ask again after whatsops resume {system} (or whatsops resume, where everything is paused); dryRun works meanwhile.");
    }
}

namespace WhatsOps.Containers;

/// <summary>What a container engine refused or could not do, as a sentence for an operator.</summary>
/// <param name="isLasting">True: the same call again would fail again.</param>
/// <param name="isRefused">True: whoever asks has no right to.</param>
public sealed class ContainerException(string message, bool isLasting = false, bool isRefused = false) : Exception(message)
{
    public bool IsLasting => isLasting;

    public bool IsRefused => isRefused;
}

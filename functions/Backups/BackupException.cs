namespace WhatsOps.Backups;

/// <summary>A backup or a restore that cannot be made, said so that an operator can mend it. The text holds no secret and no row of a table.</summary>
/// <param name="isLasting">True: the same attempt again would fail again.</param>
public sealed class BackupException(string message, bool isLasting = false) : Exception(message)
{
    public bool IsLasting => isLasting;
}

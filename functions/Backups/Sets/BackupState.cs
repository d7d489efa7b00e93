namespace WhatsOps.Backups;

/// <summary>Where a set stands in its life.</summary>
public enum BackupState
{
    /// <summary>Asked for; its orchestration is not seen yet, or at work.</summary>
    Running,

    /// <summary>Every part is stored, its stored bytes were read back, its manifest is written.</summary>
    Complete,

    /// <summary>Given up; nothing of it is left in storage.</summary>
    Failed,

    /// <summary>Its time was over.</summary>
    Deleted,
}

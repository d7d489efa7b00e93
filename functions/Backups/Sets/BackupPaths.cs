namespace WhatsOps.Backups;

/// <summary>Where the blobs of a set are: <c>backups/SYSTEM/ID/</c>.</summary>
internal static class BackupPaths
{
    public const string Root = "backups/";
    private const string ManifestName = "manifest.json";

    public static string Folder(string system) => $"{Root}{system}/";

    public static string Folder(string system, Guid id) => $"{Folder(system)}{id:D}/";

    /// <summary>The folder of the set that a blob of the system's folder belongs to.</summary>
    public static string FolderOf(string system, string path) => path[..(path.IndexOf('/', Folder(system).Length) + 1)];

    public static string Manifest(string system, Guid id) => Folder(system, id) + ManifestName;

    public static string Part(string system, Guid id, string part) => $"{Folder(system, id)}{part}.zst.wob";

    /// <summary>Where the objects of a system are: beside its sets, since an object outlives the set that stored it.</summary>
    public static string Objects(string system) => $"backup-objects/{system}/";

    public static string ObjectsOf(string system, Guid set) => $"{Objects(system)}{set:D}/";

    public static string Object(string system, Guid set, string part, long number) => $"{ObjectsOf(system, set)}{part}/{number:D8}.wob";

    public static bool IsManifest(string path) => path.StartsWith(Root, StringComparison.Ordinal) && path.EndsWith("/" + ManifestName, StringComparison.Ordinal);

    /// <summary>Binds a part's key to its place: a wrapped key that is moved to another set or system does not open.</summary>
    public static string KeyContext(string system, Guid id, string part) => $"backup/{system}/{id:D}/{part}";
}

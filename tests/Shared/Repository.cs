namespace WhatsOps.Tests.Shared;

/// <summary>Where the sources are, found from the test binaries upwards.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "WhatsOpsFunctions.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("WhatsOpsFunctions.sln is in no folder above the test binaries.");
    }
}

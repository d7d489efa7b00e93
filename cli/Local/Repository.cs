namespace WhatsOps.Cli.Local;

/// <summary>Where the sources are, found from the program's binaries upwards, and where the command keeps its own files.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Not committed: servers' data, logs, generated keys. WHATSOPS_LOCAL moves it, so that a test does not meet the developer's own `up`.</summary>
    public static string LocalFolder =>
        Environment.GetEnvironmentVariable("WHATSOPS_LOCAL") is { Length: > 0 } elsewhere ? elsewhere : Path.Combine(Root, ".local");

    /// <summary>The program's dll in a project's build folder.</summary>
    public static string Binary(string project, string name, string configuration = "Release") =>
        Path.Combine(Root, project, "bin", configuration, "net10.0", $"{name}.dll");

    /// <summary>The dotnet that the script found, or the one on PATH.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("WHATSOPS_DOTNET") is { Length: > 0 } chosen ? chosen : "dotnet";

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "WhatsOpsFunctions.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("WhatsOpsFunctions.sln is in no folder above the program: run ./whatsops from a clone.");
    }
}

using WhatsOps.Cli;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Unit.Cli;

/// <summary>Where the databases of up are when the server's user cannot enter the clone.</summary>
public sealed class ClusterFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("whatsops-cluster-").FullName;

    [Fact]
    public async Task What_can_be_entered_is_in_the_clone()
    {
        Assert.Equal(Path.Combine(Local, "up", "postgres"), await OpenAsync(canEnter: true));
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    public async Task Otherwise_it_is_a_folder_that_others_cannot_write_is_found_again_without_up_json_and_goes_with_the_data()
    {
        var folder = await OpenAsync(canEnter: false);

        Assert.Equal(Home, Path.GetDirectoryName(folder));
        foreach (var made in (string[])[Home, folder])
            if (!OperatingSystem.IsWindows()) Assert.Equal("rwx--x--x", Words(File.GetUnixFileMode(made)));
        // The clone may be opened meanwhile: the data stay where they are.
        Assert.Equal(folder, await OpenAsync(canEnter: true));
        await File.WriteAllTextAsync(Path.Combine(folder, "data"), "");
        Cluster.Delete();
        Assert.False(Directory.Exists(folder));
        Cluster.Delete();
        Assert.Equal(folder, await OpenAsync(canEnter: false));
    }

    [Fact]
    public async Task A_folder_that_others_may_write_a_link_and_one_of_a_local_that_is_gone_are_refused_with_the_fix()
    {
        var folder = await OpenAsync(canEnter: false);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite);
        Assert.Contains("chmod 711", (await RefusedAsync()).Fix, StringComparison.Ordinal);
        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, Local);
        Assert.Contains("chown", (await RefusedAsync()).Fix, StringComparison.Ordinal);
        File.Delete(folder);
        Directory.CreateDirectory(folder);
        Directory.Delete(Local, recursive: true);
        Assert.Contains($"rm -rf {folder}", (await RefusedAsync()).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_another_user_is_refused()
    {
        // Root can make one; for everybody else /usr is one.
        var home = Environment.UserName == "root" ? Directory.CreateDirectory(Home).FullName : "/usr";
        if (home == Home) await ChildProcess.RunAsync("chown", ["nobody", home], TestContext.Current.CancellationToken);

        Assert.Contains("it belongs to", (await Assert.ThrowsAsync<CliProblem>(() => new ClusterFolder(Local, home).OpenAsync(_ => Task.FromResult(false), TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_that_names_something_else_deletes_nothing()
    {
        Directory.CreateDirectory(Local);
        File.WriteAllText(Path.Combine(Local, "postgres-folder"), root);

        Assert.Contains("does not name a folder", Assert.Throws<CliProblem>(Cluster.Delete).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Local));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Local => Path.Combine(root, "clone", ".local");

    private string Home => Path.Combine(root, "home");

    private ClusterFolder Cluster => new(Local, Home);

    private Task<string> OpenAsync(bool canEnter) => Cluster.OpenAsync(_ => Task.FromResult(canEnter), TestContext.Current.CancellationToken);

    private Task<CliProblem> RefusedAsync() => Assert.ThrowsAsync<CliProblem>(() => OpenAsync(canEnter: false));

    private static string Words(UnixFileMode mode) =>
        string.Concat(Enumerable.Range(0, 9).Select(bit => ((int)mode & (0x100 >> bit)) == 0 ? '-' : "rwxrwxrwx"[bit]));
}

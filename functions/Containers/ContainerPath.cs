namespace WhatsOps.Containers;

/// <summary>What an engine tells of a path in a container without sending it (<c>X-Docker-Container-Path-Stat</c>).</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Mode">Go's <c>os.FileMode</c>: the rights in the lowest nine bits, what it is in the highest.</param>
/// <param name="LinkTarget">Where a link points to; podman writes the path itself for what is none.</param>
public sealed record ContainerPath(long Size, uint Mode, DateTimeOffset ModifiedAt, string LinkTarget)
{
    private const uint Folder = 1u << 31;
    private const uint Link = 1u << 27;
    private const uint Device = 1u << 26;
    private const uint Pipe = 1u << 25;
    private const uint Socket = 1u << 24;
    private const uint Rights = 0b111_111_111;

    public bool IsFolder => (Mode & Folder) != 0;

    public bool IsLink => (Mode & Link) != 0;

    public bool IsFile => (Mode & (Folder | Link | Device | Pipe | Socket)) == 0;

    /// <summary>Rights of owner, group and others, e.g. octal 640.</summary>
    public int Permissions => (int)(Mode & Rights);
}

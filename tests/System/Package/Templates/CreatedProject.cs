namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>A project that the template creates: for each content one, with a name that is difficult in its own way.</summary>
/// <param name="Content">The option of "dotnet new"; the first content is the default.</param>
/// <param name="Name">The given name.</param>
/// <param name="Namespace">The namespace that it becomes.</param>
/// <param name="Type">The snapshotter's class.</param>
/// <param name="Plugin">The program, and the plugin in containerd's configuration.</param>
internal sealed record CreatedProject(string Content, string Name, string Namespace, string Type, string Plugin)
{
    public static readonly CreatedProject[] All =
    [
        new("overlay", "my-snapshotter", "MySnapshotter", "MySnapshotter", "my-snapshotter"),
        new("directories", "Acme.Snapshots", "Acme.Snapshots", "AcmeSnapshotter", "acme-snapshots"),
        new("files", "LazyXMLImages", "LazyXMLImages", "LazyXMLImagesSnapshotter", "lazy-xml-images"),
        new("own", "9p", "_9P", "_9PSnapshotter", "9p"),
    ];

    public static CreatedProject Default => All[0];

    public string Folder => Path.Combine(Template.Folder, Name);

    /// <summary>The program as the solution is built.</summary>
    public string Built => PathOf($"src/{Name}/bin/Debug/net10.0/{Plugin}");

    /// <summary>Where the README publishes the program.</summary>
    public string Published => PathOf($"out/{Plugin}");

    public string PathOf(string relative) => Path.Combine(Folder, relative);

    public override string ToString() => Content;
}

namespace Containerd.Snapshots.Tests.Model;

/// <summary>A call's answer as text, without times and paths: equal behaviour gives equal texts.</summary>
public static class Answer
{
    public const string Done = "done";

    public static string Error(object kind) => $"error {kind}";

    public static string Info(string name, string kind, string parent, IEnumerable<KeyValuePair<string, string>> labels) =>
        $"{kind} {name} on \"{parent}\" {{{string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";

    /// <summary>Infos have no specified order: they are sorted.</summary>
    public static string Infos(IEnumerable<string> infos) => string.Join('\n', infos.Order(StringComparer.Ordinal));

    /// <summary>A bind mount if there is only one directory, an overlay mount otherwise.</summary>
    public static string Mount(bool isActive, int parents) => (isActive, parents) switch
    {
        (true, 0) => "bind rw",
        (true, _) => $"overlay rw on {parents}",
        (false, < 2) => "bind ro",
        (false, _) => $"overlay ro on {parents}",
    };
}

namespace Containerd.Snapshots.Generator.Rules;

/// <summary>The address of a rule's page. The build writes the other part, with the constant <c>Repository</c>.</summary>
internal static partial class HelpLink
{
    /// <summary>The address of a rule's page in a repository; null where the build does not know the repository.</summary>
    public static string? Of(string repository, string rule) =>
        repository.Length == 0 ? null : $"{repository.TrimEnd('/')}/blob/main/docs/diagnostics/{rule}.md";
}

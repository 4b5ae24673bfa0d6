namespace Containerd.Snapshots.Benchmarks.Generator.Projects;

/// <summary>The texts of a user's files: resources of this assembly, under any number of names.</summary>
internal static class Sources
{
    private static readonly string Hello = Read("HelloSnapshotter.cs");
    private static readonly string[] Ordinary = [Read("Ordinary/Service.cs"), Read("Ordinary/Records.cs"), Read("Ordinary/Parser.cs")];

    public const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>The snapshotter of samples/Hello.</summary>
    public static string Snapshotter(int number) => Hello.Replace("HelloSnapshotter", $"HelloSnapshotter{number}");

    /// <summary>A file without snapshotters; its classes and namespace end in the number.</summary>
    public static string OfAnotherKind(int number) => Ordinary[number % Ordinary.Length].Replace("_N", number.ToString("D3"));

    private static string Read(string name)
    {
        using var stream = typeof(Sources).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

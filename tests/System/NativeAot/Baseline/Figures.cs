using System.Runtime.InteropServices;
using System.Text.Json;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.NativeAot.Baseline;

/// <summary>The figures of <c>baseline.json</c>, for each architecture.</summary>
internal static class Figures
{
    private const string File = "tests/System/NativeAot/Baseline/baseline.json";
    private const double Tolerance = 1.05;

    /// <summary>Asserts that a figure has not grown by more than 5 %.</summary>
    public static void AssertNotGrown(string name, long measured)
    {
        using var file = JsonDocument.Parse(System.IO.File.ReadAllText(Repository.PathOf(File)));
        var architecture = RuntimeInformation.ProcessArchitecture.ToString();
        if (!file.RootElement.TryGetProperty(architecture, out var figures))
            Assert.Ignore($"{File} has no figures for {architecture}.");

        var baseline = figures.GetProperty(name).GetInt64();
        var ratio = (double)measured / baseline;
        TestContext.Out.WriteLine($"{name}: {measured}, {ratio:0.00} of the baseline's {baseline}.");
        Assert.That(
            ratio,
            Is.LessThanOrEqualTo(Tolerance),
            $"{name}: {measured}, where {File} has {baseline}. Find out why it has grown; if it is worth it, write the new figure there and say so in the commit.");
        if (ratio < 1 / Tolerance)
            Assert.Warn($"{name}: {measured}, where {File} has {baseline}. Write the new figure there, so that it stays.");
    }
}

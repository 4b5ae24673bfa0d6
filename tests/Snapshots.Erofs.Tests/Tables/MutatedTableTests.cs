using System.Text;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>
/// Tables that were changed at random, with digests that fit, are laid out or refused, and nothing else. SNAPSHOTS_EROFS_TABLES
/// is their number.
/// </summary>
internal sealed partial class MutatedTableTests
{
    private const int MostMemory = 256 << 20, Checked = 100;

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_EROFS_TABLES"), out var count) ? count : 10_000;

    private static readonly ErofsLayerOptions Options = new() { Syncs = false, MaxSize = 32 << 20, MaxFiles = 20_000, MaxMemory = 32 << 20 };

    private static readonly string[] Values =
    [
        "0", "-1", "1", "511", "4096", "2147483648", "9223372036854775807", "-9223372036854775808", "1e3", "18446744073709551616", "null", "true", "[]", "{}", "[{\"a\":[]}]",
        "\"\"", "\"/\"", "\"..\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ufffd\"", "\"zeros\"", "\"chunk\"", "\"reg\"", "\"dir\"", "\"hardlink\"", "\"symlink\"", "\"entries\"", "{\"user.a\":\"YQ==\"}",
        "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"", "\"2026-01-01T00:00:00.5Z\"", "\".wh.a\"", "\".wh..wh..opq\"", "\"a/b/c/d/e\"", "\"stargz.index.json\"",
    ];

    [Test]
    public async Task Changed_tables_are_laid_out_or_refused()
    {
        var folder = Directory.CreateTempSubdirectory("tables-");
        var (laidOut, refused) = (0, 0);
        for (var seed = 0; seed < Count; seed++)
        {
            try
            {
                var layer = Layer(new(seed));
                await CheckAsync(layer, $"{folder.FullName}/image", hasTools: laidOut % Checked == 0);
                laidOut++;
            }
            catch (InvalidDataException exception)
            {
                Assert.That(exception.Message, Has.Length.InRange(20, 1000), $"seed {seed}");
                refused++;
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {exception}");
            }
        }

        folder.Delete(recursive: true);
        Assert.Multiple(() =>
        {
            Assert.That(laidOut, Is.GreaterThan(Count / 20), "tables that were laid out");
            Assert.That(refused, Is.GreaterThan(Count / 10), "tables that were refused");
            Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(MostMemory));
        });
    }

    private static async Task CheckAsync(LazyLayerBytes layer, string path, bool hasTools)
    {
        LazyLayout layout;
        await using (var image = File.Create(path))
            layout = await LazyLayer.WriteAsync(layer.Table(), layer.OpenAsync, image, Options);

        var end = 0L;
        foreach (var chunk in layout.Chunks)
        {
            Assert.That(chunk.Offset >= end && chunk.Length > 0 && chunk.End <= layout.ImageLength && chunk.BlobOffset >= 0 && chunk.BlobEnd > chunk.BlobOffset && chunk.BlobEnd <= layer.TableStart, $"{chunk}");
            end = chunk.End;
            await FetchAsync(layer, chunk);
        }

        if (!hasTools)
            return;

        await using (var lazy = LazyImage.Create(path, layout.Chunks, new LayerChunkSource(layer.Kind, layer.OpenAsync)))
            Assert.That(lazy.ChunkCount, Is.EqualTo(layout.Chunks.Count));
        if (File.Exists("/usr/bin/fsck.erofs"))
            Assert.That((await Command.RunAsync(["fsck.erofs", path])).ExitCode, Is.Zero);
    }

    private static async Task FetchAsync(LazyLayerBytes layer, LazyChunk chunk)
    {
        try
        {
            await new LayerChunkSource(layer.Kind, layer.OpenAsync).FetchAsync([chunk], default, (_, content) => Assert.That(content.Length, Is.EqualTo(chunk.Length)), default);
        }
        catch (InvalidDataException)
        {
            // There is no such content.
        }
    }

    private static LazyLayerBytes Layer(Random random)
    {
        var kind = (LayerTableKind)random.Next(3);
        var layer = new LazyLayerBuilder(kind) { ChunkLength = 300, ChunksInMember = random.Next(1, 3) };
        layer.Folder("a").File("a/b", new('x', 700)).File("c", new string('\0', 600) + "y", attributes: [("user.x", "y")]).Link("l", "a").HardLink("h", "c").Device("d", 1, 3).File("l/e").File(".wh.f", "");
        layer.ChangeTable = json => Mutate(json, random);
        return layer.Build();
    }

    private static byte[] Mutate(byte[] json, Random random)
    {
        var text = Encoding.UTF8.GetString(json);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            text = Mutate(text, random);

        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(10) == 0 && bytes.Length > 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static string Mutate(string text, Random random)
    {
        var values = Value().Matches(text);
        if (values.Count == 0)
            return text;

        var value = values[random.Next(values.Count)].Groups[1];
        var other = values[random.Next(values.Count)].Groups[1];
        switch (random.Next(8))
        {
            case 0: // Another one's value.
                return text[..value.Index] + other.Value + text[(value.Index + value.Length)..];
            case 1: // A number nearby.
                return long.TryParse(value.Value, out var number) ? text[..value.Index] + (number + random.Next(-600, 600)) + text[(value.Index + value.Length)..] : text;
            case 2: // An entry twice, or gone.
                var entries = Entry().Matches(text);
                var entry = entries.Count == 0 ? null : entries[random.Next(entries.Count)];
                return entry is null ? text : text[..entry.Index] + (random.Next(2) == 0 ? $"{entry.Value}," : "") + text[(entry.Index + (random.Next(2) == 0 ? 0 : entry.Length + 1))..];
            case 3: // Cut.
                return random.Next(4) == 0 ? text[..random.Next(text.Length)] : text;
            case 4: // Another property.
                return text.Replace("\"size\"", "\"chunkSize\"", StringComparison.Ordinal);
            default:
                return text[..value.Index] + Values[random.Next(Values.Length)] + text[(value.Index + value.Length)..];
        }
    }

    [GeneratedRegex(""":("[^"]*"|[-0-9]+)""")]
    private static partial Regex Value();

    [GeneratedRegex("""\{"name"[^}]*\}""")]
    private static partial Regex Entry();
}

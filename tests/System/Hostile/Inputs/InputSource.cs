namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>All inputs of a seed. Each depends on its number alone, so that one can be repeated without the others.</summary>
internal sealed class InputSource(int seed)
{
    // In percent. Frames cost a connection each, and have fewer cases than messages.
    private static readonly (int Share, Func<Random, Input> Make)[] Kinds =
    [
        (10, RightCalls.Any),
        (36, BrokenMessages.Any),
        (16, BrokenBodies.Any),
        (14, BrokenHeads.Any),
        (8, HostileFilters.Any),
        (10, BrokenFrames.Any),
        (4, BrokenBlocks.Any),
        (2, BrokenOpenings.Any),
    ];

    public Input this[long number]
    {
        get
        {
            var random = new Random(Mix(number));
            var left = random.Next(100);
            var kind = 0;
            for (; left >= Kinds[kind].Share; kind++)
                left -= Kinds[kind].Share;
            return Kinds[kind].Make(random);
        }
    }

    // Consecutive numbers must give different seeds (multiplicative hash by the golden ratio).
    private int Mix(long number) => (int)((((ulong)(uint)seed << 32) + (ulong)number) * 0x9E3779B97F4A7C15 >> 32);
}

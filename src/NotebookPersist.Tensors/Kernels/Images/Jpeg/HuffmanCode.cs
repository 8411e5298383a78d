namespace NotebookPersist.Kernels.Images.Jpeg;

/// <summary>Makes the shortest codes for symbols that occur so often.</summary>
/// <remarks>Source: ITU-T T.81, annex K.2: no code has more than 16 bits, and none is all ones.</remarks>
internal static class HuffmanCode
{
    public static HuffmanTable Make(ReadOnlySpan<long> frequencies)
    {
        // One more symbol, the rarest, gets the code that is all ones.
        long[] weight = [.. frequencies, 1];
        int[] size = new int[257], next = new int[257];
        Array.Fill(next, -1);
        while (true)
        {
            int low = Rarest(weight, -1), second = Rarest(weight, low);
            if (second < 0)
                break;
            weight[low] += weight[second];
            weight[second] = 0;
            Lengthen(low);
            int tail = low;
            while (next[tail] >= 0)
                tail = next[tail];
            next[tail] = second;
            Lengthen(second);
        }

        int[] counts = new int[257];
        foreach (int s in size)
            counts[s]++;
        Shorten(counts);
        byte[] lengths = new byte[16];
        for (int i = 1; i <= 16; i++)
            lengths[i - 1] = (byte)counts[i];
        byte[] symbols = [.. Enumerable.Range(0, 256).Where(s => size[s] > 0).OrderBy(s => size[s]).Select(static s => (byte)s)];
        return new HuffmanTable(lengths, symbols);

        void Lengthen(int symbol)
        {
            for (; symbol >= 0; symbol = next[symbol])
                size[symbol]++;
        }
    }

    private static int Rarest(long[] weight, int except)
    {
        int found = -1;
        for (int i = 0; i < weight.Length; i++)
        {
            if (weight[i] > 0 && i != except && (found < 0 || weight[i] <= weight[found]))
                found = i;
        }

        return found;
    }

    private static void Shorten(int[] counts)
    {
        for (int length = counts.Length - 1; length > 16; length--)
        {
            while (counts[length] > 0)
            {
                int shorter = length - 2;
                while (counts[shorter] == 0)
                    shorter--;
                counts[length] -= 2;
                counts[length - 1]++;
                counts[shorter + 1] += 2;
                counts[shorter]--;
            }
        }

        // The symbol that does not exist goes.
        int longest = 16;
        while (counts[longest] == 0)
            longest--;
        counts[longest]--;
    }
}

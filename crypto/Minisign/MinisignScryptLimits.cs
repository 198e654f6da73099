namespace SecureDrop.Crypto.Minisign;

/// <summary>libsodium's <c>opslimit</c> and <c>memlimit</c> of scrypt, as they stand in a secret key file.</summary>
/// <param name="Operations">At most what stock minisign writes.</param>
/// <param name="MemoryInBytes">At most what stock minisign writes.</param>
public sealed record MinisignScryptLimits(ulong Operations, ulong MemoryInBytes)
{
    /// <summary>What stock minisign writes: N = 2^20, r = 8, p = 1; 1 GiB of memory and some seconds.</summary>
    public static MinisignScryptLimits Stock { get; } = new(33_554_432, 1_073_741_824);

    /// <summary>scrypt's parameters as libsodium derives them (crypto_pwhash_scryptsalsa208sha256, <c>pickparams</c>), always with r = 8.</summary>
    internal (long Cost, int BlockSize, int Parallelization) Parameters()
    {
        // A damaged or hostile file must not ask for more memory than the stock one does.
        if (Operations > Stock.Operations || MemoryInBytes > Stock.MemoryInBytes)
        {
            throw new FormatException("The key file asks for more work than minisign's own files do: it is damaged.");
        }
        const int BlockSize = 8;
        ulong operations = Math.Max(Operations, 32_768);
        bool boundByOperations = operations < MemoryInBytes / 32;
        ulong largestCost = boundByOperations ? operations / (BlockSize * 4) : MemoryInBytes / (BlockSize * 128);
        int log2Cost = 1;
        while (log2Cost < 63 && 1UL << log2Cost <= largestCost / 2)
        {
            log2Cost++;
        }
        ulong parallelization = boundByOperations ? 1 : Math.Min(operations / 4 / (1UL << log2Cost), 0x3fffffff) / BlockSize;
        return (1L << log2Cost, BlockSize, (int)Math.Max(parallelization, 1));
    }
}

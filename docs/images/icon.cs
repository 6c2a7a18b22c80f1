// Draws src/icon.png, the icon of both packages: `dotnet run docs/images/icon.cs`. An object, and a reference around it that does not hold it.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

const int Size = 128;
const int Samples = 4;
var image = new byte[Size * ((Size * 4) + 1)];
for (var y = 0; y < Size; y++)
{
    for (var x = 0; x < Size; x++)
    {
        var sum = (R: 0, G: 0, B: 0, A: 0);
        for (var i = 0; i < Samples * Samples; i++)
        {
            var (r, g, b, a) = ColorAt(x + (((i % Samples) + 0.5) / Samples), y + (((i / Samples) + 0.5) / Samples));
            sum = (sum.R + (r * a), sum.G + (g * a), sum.B + (b * a), sum.A + a);
        }

        var at = (y * ((Size * 4) + 1)) + 1 + (x * 4);
        if (sum.A > 0)
        {
            image[at] = (byte)(sum.R / sum.A);
            image[at + 1] = (byte)(sum.G / sum.A);
            image[at + 2] = (byte)(sum.B / sum.A);
            image[at + 3] = (byte)(sum.A * 255 / (Samples * Samples));
        }
    }
}

using var file = File.Create(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "src", "icon.png"));
file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
Chunk("IHDR", [0, 0, 0, Size, 0, 0, 0, Size, 8, 6, 0, 0, 0]);
using (var packed = new MemoryStream())
{
    using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
    {
        zip.Write(image);
    }

    Chunk("IDAT", packed.ToArray());
}

Chunk("IEND", []);

// A rounded square; a disc in the middle; a ring of dashes around it.
static (int R, int G, int B, int A) ColorAt(double x, double y)
{
    const double Corner = 24, Middle = Size / 2.0;
    var (cx, cy) = (Math.Clamp(x, Corner, Size - Corner), Math.Clamp(y, Corner, Size - Corner));
    if (Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy))) > Corner)
    {
        return default;
    }

    var (dx, dy) = (x - Middle, y - Middle);
    var distance = Math.Sqrt((dx * dx) + (dy * dy));
    var turn = (Math.Atan2(dy, dx) / (2 * Math.PI)) + 1;
    return distance < 20 ? (255, 209, 102, 1)
        : distance is > 36 and < 46 && (turn * 10 % 1) < 0.62 ? (255, 255, 255, 1)
        : (64, 46, 122, 1);
}

void Chunk(string name, byte[] data)
{
    var body = (byte[])[.. Encoding.ASCII.GetBytes(name), .. data];
    var number = new byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    file.Write(number);
    file.Write(body);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
    file.Write(number);
}

static uint Crc(byte[] data)
{
    var crc = uint.MaxValue;
    foreach (var one in data)
    {
        crc ^= one;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320 : 0);
        }
    }

    return ~crc;
}

static string Here([CallerFilePath] string path = "") => path;

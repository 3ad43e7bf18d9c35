namespace Decant.Export.Tables;

/// <summary>How the rows of a static model are stored.</summary>
internal enum RowFormat
{
    /// <summary>4 bytes a number, exactly.</summary>
    Float32,

    /// <summary>2 bytes a number, with 11 bits of precision.</summary>
    Float16,

    /// <summary>1 byte a number: whole numbers from −127 to 127, and a factor for each row.</summary>
    Int8,
}

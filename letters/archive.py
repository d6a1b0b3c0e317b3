"""What the file says of itself in its metadata: that it may be archived (PDF/A-3a) and read aloud (PDF/UA-1)."""

VARIANT = "pdf/a-3a"  # the claim that WeasyPrint makes; the other one is added here
END = b"</rdf:RDF>"
# PDF/A knows the words of its own standard; any other has to be explained in the same file before it may be used.
READABLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>The part of ISO 14289 that the file keeps to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def claim_both(metadata):
    """The document's metadata will claim PDF/UA-1 beside PDF/A-3a, both in one block: readers ignore a second."""
    written = metadata.generate_rdf_metadata

    def both(*claim):
        rdf, end, rest = written(*claim).rpartition(END)
        return rdf + READABLE + end + rest

    metadata.generate_rdf_metadata = both

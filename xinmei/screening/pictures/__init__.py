"""图片: the text in pictures and the codes on them, read with the extra [ocr]; without it everything else works."""

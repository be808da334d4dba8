// The list of the public register, searched as one types. Without a script the whole list stands there.
const field = document.getElementById("search");
const lines = [...document.querySelectorAll("#register > li")];
const said = document.getElementById("found");
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
const texts = lines.map((line) => plain(line.textContent));

const search = () => {
  const words = field.value.trim().split(/\s+/).filter(Boolean).map(plain);
  let found = 0;
  lines.forEach((line, place) => {
    line.hidden = !words.every((word) => texts[place].includes(word));
    found += line.hidden ? 0 : 1;
  });
  said.textContent = !words.length
    ? `共 ${lines.length} 个账号。`
    : found
      ? `找到 ${found} 个，请逐字核对名称、平台和主办单位。`
      : "登记中没有。请当心仿冒账号，不要向它提供个人信息。";
};

document.getElementById("searching").hidden = false;
field.addEventListener("input", search);
field.form.addEventListener("submit", (event) => event.preventDefault());
search();
